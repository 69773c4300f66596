/** The built-in prompts. */
export const templates = {
  plain: '{{question}}',
  qa: `Answer the question in as few words as possible, without explanation.{{#context}} Use only the text below; if it does not hold the answer, say "unanswerable".

Text: {{context}}{{/context}}

Question: {{question}}
Answer:`,
  nli: `Does the text entail the statement, contradict it, or neither? Answer with one word: entailment, contradiction or neutral.

Text: {{context}}

Statement: {{question}}
Answer:`,
  choice: `Answer the question with the letter of the right choice, and nothing else.{{#context}}

Text: {{context}}{{/context}}

Question: {{question}}
{{#choices}}
{{letter}}. {{text}}
{{/choices}}
Answer:`,
} as const satisfies Record<string, string>

export type TemplateName = keyof typeof templates

/**
 * Self-verification: the small model judges its own answer from examples, as in AutoMix (Madaan et al. 2023); the
 * wording is our own. `{{answer}}` is the answer that is judged.
 */
export const verifyTemplate = `Decide whether an answer is correct. Judge it by the context where there is one. Say only Correct or Incorrect.

Context: The ferry to Holm leaves at 9:15 and 14:30. Dogs travel free of charge.
Question: When does the second ferry leave?
Answer: 14:30
Verdict: Correct

Context: The ferry to Holm leaves at 9:15 and 14:30. Dogs travel free of charge.
Question: What does it cost to take a dog?
Answer: two euros
Verdict: Incorrect

Context: Mira planted the pear tree in 1998, two years after her brother had planted the apple tree.
Question: Who planted the older tree?
Answer: Mira
Verdict: Incorrect

Context: Mira planted the pear tree in 1998, two years after her brother had planted the apple tree.
Question: In which year was the apple tree planted?
Answer: 1996
Verdict: Correct
{{#context}}

Context: {{context}}
{{/context}}
{{^context}}

{{/context}}
Question: {{question}}
Answer: {{answer}}
Verdict:`

/** p("True") of one verification prompt, after Kadavath et al. 2022; the wording is our own. */
export const trueTemplate = `{{#context}}
Context: {{context}}
{{/context}}
Question: {{question}}
Proposed answer: {{answer}}
Is the proposed answer true or false? Say only True or False.
The proposed answer is:`
