/** Runs in the page: texts with too little contrast, each with its ratio. Big ones may have less. */
export const FAINT_TEXTS = `(() => {
  const parse = (color) => {
    const [r, g, b, a = 1] = color.match(/[\\d.]+/g).map(Number)
    return { rgb: [r, g, b], a }
  }
  const light = (rgb) => {
    const [r, g, b] = rgb.map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const { rgb, a } = parse(getComputedStyle(at).backgroundColor)
      if (a === 1) return rgb
    }
    return [255, 255, 255]
  }
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const faint = []
  while (walker.nextNode()) {
    const { parentElement: element, textContent } = walker.currentNode
    if (!textContent.trim() || !element.checkVisibility() || element.closest('script, noscript, .hidden, svg')) continue
    const style = getComputedStyle(element)
    const [a, b] = [light(parse(style.color).rgb), light(behind(element))]
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
    const big = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 600)
    if (ratio < (big ? 3 : 4.5)) faint.push(textContent.trim().slice(0, 30) + ' ' + ratio.toFixed(2))
  }
  return faint
})()`

/** Runs in the page: what stands out of it to the right. */
export const TOO_WIDE = `[...document.querySelectorAll('body *')]
  .filter((each) => each.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5)
  .filter((each) => !each.closest('.scroll, .hidden, noscript, script'))
  .map((each) => each.tagName + '.' + each.getAttribute('class'))`
