// How the lanes look: the page's colours, and the strokes that the legend explains.

/**
 * @typedef {object} Look
 * @property {string} fill
 * @property {string} strong
 * @property {string} muted
 * @property {string} danger
 * @property {string} ground
 * @property {string} edge
 * @property {string} ink
 * @property {string} font
 * @property {number} textPx
 */

/** @typedef {{ colour: Exclude<keyof Look, 'textPx'>, width: number, dash?: number[], alpha?: number }} Style */

/** What a page cannot know, the length of a leg, is dashed. In the order in which they are drawn. */
/** @satisfies {Record<string, Style>} */
export const STYLES = {
  edge: { colour: 'edge', width: 1 },
  delay: { colour: 'fill', width: 5, alpha: 0.28 },
  stored: { colour: 'fill', width: 3, alpha: 0.55 },
  post: { colour: 'ink', width: 1.5, dash: [2, 3], alpha: 0.75 },
  leg: { colour: 'muted', width: 1.25, dash: [4, 3] },
  wait: { colour: 'muted', width: 1.25 },
  parked: { colour: 'fill', width: 6 },
  open: { colour: 'strong', width: 2 },
  bringing: { colour: 'strong', width: 2.25, dash: [5, 3] },
  torn: { colour: 'ink', width: 1.5 },
  failed: { colour: 'danger', width: 2 },
};

/** @typedef {keyof typeof STYLES} StyleName */

/**
 * The page's colours, which depend on whether it is dark, in the place of `label`.
 * @param {HTMLElement} label
 * @returns {Look}
 */
export function lookOf(label) {
  const style = getComputedStyle(label);
  const [muted, danger, ground, edge, ink] = ['--muted', '--danger', '--surface', '--line', '--ink']
    .map((name) => style.getPropertyValue(name));
  const textPx = Number.parseFloat(style.fontSize) * 0.8;
  const font = `${textPx.toFixed(1)}px ${style.fontFamily}`;
  return { fill: style.getPropertyValue('--identity'), strong: style.color, muted, danger, ground, edge, ink, font, textPx };
}
