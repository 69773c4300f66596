/** What stands inside an element; nothing where there is nothing to say. */
export type Child = Node | string | undefined | false

/** Attributes by name; `true`: present, `false` and `undefined`: absent. */
export type Attributes = Record<string, string | number | boolean | undefined>

/**
 * An element with attributes and children. Texts become text nodes and attributes attributes: nothing that the data
 * hold is ever read as markup.
 */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) setAttribute(made, key, value)
  append(made, children)
  return made
}

/** Sets or removes one attribute. */
export function setAttribute(target: Element, name: string, value: string | number | boolean | undefined): void {
  if (value === undefined || value === false) target.removeAttribute(name)
  else target.setAttribute(name, value === true ? '' : String(value))
}

const append = (parent: Element, children: readonly Child[]): void =>
  parent.append(...children.filter((child): child is Node | string => child !== undefined && child !== false))

/** Puts other children into an element. */
export function refill(parent: Element, ...children: Child[]): void {
  parent.replaceChildren()
  append(parent, children)
}
