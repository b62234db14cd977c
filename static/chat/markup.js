// What is marked in a message: code, bold, emphasis, links, mail addresses, names. A small part of
// Markdown, from text to a list of pieces; it makes no elements (rich-text.js does), and knows no HTML.
//
//   { kind: 'text', text }               as it was written
//   { kind: 'code', text }               between backticks, in one line
//   { kind: 'block', text }              between two lines of three or more backticks
//   { kind: 'link', text, address }      http, https or mailto
//   { kind: 'name', text, username }     @name
//   { kind: 'strong', pieces }, { kind: 'emphasis', pieces }    **so**, *so*, in one line
//
// What is not closed stays as it was written. Nothing here takes longer than the text is long, but for
// runs of backticks and fences without a partner, of which a message holds few.

/** @import { Piece } from '../shared/types.js' */

/** A language may be named after the opening fence; it is not shown. */
const FENCE = /^(`{3,})[\w+#.-]*\s*$/;

const CODE = /(?<!`)(`+)(?!`)([^\n]*?[^`\n])\1(?!`)/;
const ADDRESS = /(\bhttps?:\/\/[^\s<>"]+)/;
const MAIL = /((?<![\w.+@/-])[\w.+-]+@(?:[a-z0-9-]+\.)+[a-z]{2,}(?![\w-]))/;
/** As names of accounts are: 3 to 32 characters. */
const NAME = /(?<![\p{L}\p{N}_.@/-])@([a-z0-9_-]{3,32})(?![\w-])/u;
const MARK = /(\*+)/;
const LINE = /(\n)/;
const TOKEN = new RegExp([CODE, ADDRESS, MAIL, NAME, MARK, LINE].map(({ source }) => source).join('|'), 'giu');

/** Punctuation that ends a sentence, or a mark, rather than an address. */
const TRAILING = /[.,;:!?'’”»…*`]$/;
const WORD = /[\p{L}\p{N}]/u;
const SPACE = /^\s?$/u; // or nothing: the beginning or the end of the text

/**
 * @param {string} text
 * @returns {Piece[]}
 */
export function parse(text) {
  const lines = text.split('\n');
  /** @type {Piece[]} */
  const pieces = [];
  /** @type {string[]} */
  let plain = [];
  const flush = () => {
    if (plain.length) pieces.push(...inline(plain.join('\n')));
    plain = [];
  };
  for (let at = 0; at < lines.length; at += 1) {
    const end = endOfBlock(lines, at);
    if (end) {
      flush();
      pieces.push({ kind: 'block', text: lines.slice(at + 1, end).join('\n') });
      at = end;
    } else plain.push(lines[at]);
  }
  flush();
  return pieces;
}

/**
 * The line that closes the block that begins at line `at`; 0 where none begins there, or it is not closed.
 * @param {string[]} lines
 * @param {number} at
 */
function endOfBlock(lines, at) {
  const [, fence] = FENCE.exec(lines[at]) ?? [];
  if (!fence) return 0;
  const end = lines.findIndex((line, index) => index > at && line.trimEnd() === fence);
  return Math.max(0, end);
}

/**
 * @param {string} text
 * @returns {Piece[]}
 */
function inline(text) {
  const marks = new Marks();
  let at = 0;
  TOKEN.lastIndex = 0;
  for (let found = TOKEN.exec(text); found; found = TOKEN.exec(text)) {
    marks.add(text.slice(at, found.index));
    const taken = take(found, marks);
    at = found.index + taken;
    TOKEN.lastIndex = at; // an address may be shorter than what looked like one
  }
  marks.add(text.slice(at));
  return marks.end();
}

/**
 * Gives what was found to `marks`; returns how long it is.
 * @param {RegExpExecArray} found
 * @param {Marks} marks
 */
function take(found, marks) {
  const [whole, , code, address, mail, name, stars] = found;
  if (code) marks.add({ kind: 'code', text: unpadded(code) });
  else if (address) return takeAddress(address, marks);
  else if (mail) marks.add({ kind: 'link', text: mail, address: `mailto:${mail}` });
  else if (name) marks.add({ kind: 'name', text: whole, username: name.toLowerCase() });
  else if (stars) marks.stars(stars, around(found));
  else marks.line();
  return whole.length;
}

/**
 * @param {string} found
 * @param {Marks} marks
 */
function takeAddress(found, marks) {
  const address = withoutTrailing(found);
  marks.add(URL.canParse(address) ? { kind: 'link', text: address, address } : address);
  return address.length;
}

/**
 * Without what ends the sentence, and brackets that the address did not open.
 * @param {string} found
 */
function withoutTrailing(found) {
  const surplus = { ')': unopened(found, '(', ')'), ']': unopened(found, '[', ']') };
  let end = found.length;
  for (; end > 0; end -= 1) {
    const last = found[end - 1];
    if ((last === ')' || last === ']') && surplus[last] > 0) surplus[last] -= 1;
    else if (!TRAILING.test(last)) break;
  }
  return found.slice(0, end);
}

/** @type {(text: string, opening: string, closing: string) => number} */
const unopened = (text, opening, closing) => text.split(closing).length - text.split(opening).length;

/**
 * Code that begins or ends with a backtick has a space there.
 * @param {string} code
 */
function unpadded(code) {
  return code.startsWith(' ') && code.endsWith(' ') && code.trim() ? code.slice(1, -1) : code;
}

/**
 * Whether stars may begin or end a mark: `2 * 3`, `a*b*c` and `*.js` do not.
 * @param {RegExpExecArray} found
 */
function around({ 0: stars, index, input }) {
  const [before, after] = [input.slice(index - 1, index), input.slice(index + stars.length, index + stars.length + 1)];
  return {
    canOpen: !SPACE.test(after) && !WORD.test(before),
    canClose: !SPACE.test(before) && !WORD.test(after),
  };
}

/** @typedef {{ mark: string, pieces: Piece[] }} Open */

/** Nests what stands between marks. */
class Marks {
  /** @type {Open[]} */
  #open = [{ mark: '', pieces: [] }]; // the outermost is the text itself

  /** @param {Piece | string} piece */
  add(piece) {
    const { pieces } = /** @type {Open} */ (this.#open.at(-1));
    const last = pieces.at(-1);
    if (typeof piece !== 'string') pieces.push(piece);
    else if (last?.kind === 'text') last.text += piece;
    else if (piece) pieces.push({ kind: 'text', text: piece });
  }

  /**
   * @param {string} stars
   * @param {{ canOpen: boolean, canClose: boolean }} around
   */
  stars(stars, { canOpen, canClose }) {
    const isClosing = canClose && this.#open.length > 1;
    if (stars.length > 3 || !(canOpen || isClosing)) return this.add(stars);
    // Three are both, the inner one closed first.
    const both = isClosing ? ['*', '**'] : ['**', '*'];
    for (const mark of stars.length === 3 ? both : [stars]) {
      if (canClose && this.#isOpen(mark)) this.#close(mark);
      else if (canOpen && !this.#isOpen(mark)) this.#open.push({ mark, pieces: [] });
      else this.add(mark);
    }
    return undefined;
  }

  /** No mark goes over the end of a line. */
  line() {
    this.#giveUp(1);
    this.add('\n');
  }

  end() {
    this.#giveUp(1);
    return this.#open[0].pieces;
  }

  /** @param {string} mark */
  #isOpen(mark) { return this.#open.some((each) => each.mark === mark); }

  /** @param {string} mark */
  #close(mark) {
    this.#giveUp(this.#open.findLastIndex((each) => each.mark === mark) + 1);
    const { pieces } = /** @type {Open} */ (this.#open.pop());
    this.add({ kind: mark === '**' ? 'strong' : 'emphasis', pieces });
  }

  /**
   * All but the outer `kept` are not closed: their marks are text.
   * @param {number} kept
   */
  #giveUp(kept) {
    while (this.#open.length > kept) {
      const { mark, pieces } = /** @type {Open} */ (this.#open.pop());
      this.add(mark);
      for (const piece of pieces) this.add(piece.kind === 'text' ? piece.text : piece);
    }
  }
}
