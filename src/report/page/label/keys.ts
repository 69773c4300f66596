/** What can be done with an answer in view. */
export type Action = { mark: number } | 'skip' | 'undo'

/** Buttons in the order in which they stand, with the keys that do the same. */
export const actions: readonly { name: string; keys: readonly string[]; shown: readonly string[]; action: Action }[] = [
  { name: 'Wrong', keys: ['ArrowLeft', '0'], shown: ['←', '0'], action: { mark: 0 } },
  { name: 'Half', keys: ['5'], shown: ['5'], action: { mark: 0.5 } },
  { name: 'Right', keys: ['ArrowRight', '1'], shown: ['→', '1'], action: { mark: 1 } },
  { name: 'Skip', keys: ['s', 'S'], shown: ['S'], action: 'skip' },
  { name: 'Undo', keys: ['u', 'U'], shown: ['U'], action: 'undo' },
]

/** What a key means; nothing for one that is held down, or goes with a shortcut of the browser's. */
export function actionOf({ key, repeat, ctrlKey, metaKey, altKey }: KeyboardEvent): Action | undefined {
  if (repeat || ctrlKey || metaKey || altKey) return undefined
  return actions.find(({ keys }) => keys.includes(key))?.action
}
