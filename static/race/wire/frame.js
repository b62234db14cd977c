// Frames the page /line of another line's origin, and hands it one end of a channel. The browser gives that to a
// document of this origin alone (`targetOrigin`), and the page there takes it from a race of this server alone
// (static/line/main.js). This page listens to nothing but the channel: what any other window posts does nothing.

/** @import { NetworkPath } from '../../shared/types.js' */
/** @import { Report } from './far-messages.js' */

import { element } from '../../shared/dom.js';
import { originOf } from '../../shared/line-origins.js';
import { FarClock } from './far-clock.js';

/** Of the page, its modules and its answer: through the slowest line a few round trips. */
const TIMEOUT_MS = 10_000;

/** @typedef {{ port: MessagePort, clock: FarClock, remove: () => void }} Framed */

/**
 * Rejects with an Error where the line brings no such page.
 * @param {NetworkPath} line
 * @returns {Promise<Framed>}
 */
export async function openFrame(line) {
  const origin = originOf(line);
  const frame = element('iframe', { src: `${origin}/line`, title: 'The other end of the network path', tabIndex: -1 });
  frame.setAttribute('aria-hidden', 'true');
  // In sight of the browser, though not of anybody: timers of frames that are not may be slowed down.
  Object.assign(frame.style, {
    position: 'fixed', inset: '0', width: '100%', height: '100%', border: '0', opacity: '0', pointerEvents: 'none', zIndex: '-1',
  });
  const { port1: port, port2: theirs } = new MessageChannel();
  const remove = () => {
    port.close();
    frame.remove();
  };
  const ready = answer(port);
  let asked = 0;
  frame.addEventListener('load', () => {
    asked = performance.now();
    frame.contentWindow?.postMessage('race', origin, [theirs]);
  }, { once: true });
  document.body.append(frame);
  try {
    const { at, timeOrigin, told } = await ready;
    return { port, clock: new FarClock({ at, timeOrigin, asked, told }), remove };
  } catch (error) {
    remove();
    throw error;
  }
}

/**
 * @param {MessagePort} port
 * @returns {Promise<{ at: number, timeOrigin: number, told: number }>}
 */
function answer(port) {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('no answer')), TIMEOUT_MS);
    const hear = (/** @type {MessageEvent<Report>} */ { data }) => {
      if (data.kind !== 'ready') return;
      port.removeEventListener('message', hear);
      clearTimeout(late);
      resolve({ at: data.at, timeOrigin: data.timeOrigin, told: performance.now() });
    };
    port.addEventListener('message', hear);
    port.start();
  });
}
