// The lanes as a picture: what the lens looks at, as an SVG, or as a PNG of twice the size.

/** @import { Lanes } from '../lanes/lanes.js' */
/** @import { Lens } from '../lens/lens.js' */
/** @import { Record } from '../record/record.js' */

import { identity } from '../../shared/identities.js';
import { svg } from '../../shared/svg.js';
import { drawLanes, scaleOf } from '../lanes/lanes.js';
import { SvgPen } from '../lanes/svg-pen.js';

/** For the names of the lanes. */
const NAMES_PX = 170;
const PNG_SCALE = 2;

/**
 * @param {{ lanes: Lanes, lens: Lens, record: Record }} shown
 * @returns {string}
 */
export function lanesSvg({ lanes, lens, record }) {
  const { width, height } = lanes.size;
  const { looks } = lanes;
  const pens = looks.map(({ slug, look }) => new SvgPen(slug, look, scaleOf(lanes.size)));
  const axis = new SvgPen(looks[0].slug, looks[0].look, 1);
  drawLanes({ pens, axis }, record, lens, lanes.size);
  const room = (height - 2 * lanes.size.textPx) / looks.length;
  const names = looks.map(({ slug, look }, index) => (
    svg('text', { x: 12, y: room * (index + 0.5) + 4, fill: look.ink, 'font-weight': 600, 'font-size': 14 }, identity(slug).name)));
  const ground = svg('rect', { width: '100%', height: '100%', fill: looks[0].look.ground });
  const drawing = svg('g', { transform: `translate(${NAMES_PX} 0)` }, ...[...pens, axis].map(({ root }) => root));
  const all = width + NAMES_PX;
  const size = { xmlns: 'http://www.w3.org/2000/svg', width: all, height, viewBox: `0 0 ${all} ${height}` };
  return svg('svg', { ...size, 'font-family': 'system-ui, sans-serif', 'font-size': lanes.size.textPx }, ground, ...names, drawing).outerHTML;
}

/**
 * @param {string} picture an SVG
 * @returns {Promise<Blob>}
 */
export async function asPng(picture) {
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(picture)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [image.width * PNG_SCALE, image.height * PNG_SCALE];
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The picture is too large.'))));
  });
}
