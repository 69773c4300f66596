/** How charts look. Colours are from Okabe and Ito's palette, told apart with any colour vision. */
export interface Theme {
  /** What lies behind the chart; texts have a rim of it where they cross lines. */
  paper: string
  /** Whether the chart paints its own paper. */
  opaque: boolean
  ink: string
  /** References, titles of axes, what is not selected. */
  muted: string
  grid: string
  /** The selected signal, and what else is told of it alone. */
  main: string
  /** The operating point. */
  point: string
  /** Right and wrong small answers. */
  right: string
  wrong: string
  /** A third quantity beside main and wrong. */
  third: string
  /** Tuned policies. */
  policy: string
  /** Other signals that have a name in the legend, in turn, each with its dashes to be told apart in grey. */
  others: { color: string; dash: string }[]
  fontFamily: string
}

/** Of a page in the light or the dark, or on paper. */
export type ThemeName = 'light' | 'dark' | 'print'

const fontFamily = "'Source Sans 3', system-ui, sans-serif"
const dashes = ['7 3', '2 2', '9 2 2 2', '4 2', '1 3', '12 3']
const dashed = (...colors: string[]): Theme['others'] => colors.map((color, i) => ({ color, dash: dashes[i] }))

const light: Theme = {
  paper: '#ffffff',
  opaque: false,
  ink: '#1f2328',
  muted: '#5c6470',
  grid: '#e3e6ea',
  main: '#0072b2',
  point: '#b23c00',
  right: '#0072b2',
  wrong: '#d55e00',
  third: '#009e73',
  policy: '#1f2328',
  others: dashed('#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'),
  fontFamily,
}

export const themes: Record<ThemeName, Theme> = {
  light,
  dark: {
    paper: '#14171c',
    opaque: false,
    ink: '#e8eaed',
    muted: '#a3abb6',
    grid: '#2c323a',
    main: '#56b4e9',
    point: '#ff9a66',
    right: '#56b4e9',
    wrong: '#e69f00',
    third: '#2fc79b',
    policy: '#e8eaed',
    others: dashed('#e69f00', '#2fc79b', '#e79bc5', '#f0e442', '#f28444'),
    fontFamily,
  },
  print: {
    ...light,
    opaque: true,
    ink: '#000000',
    muted: '#4d4d4d',
    grid: '#e0e0e0',
    point: '#0072b2',
    policy: '#000000',
  },
}

export const themeOf = (theme: ThemeName | Theme): Theme => (typeof theme === 'string' ? themes[theme] : theme)
