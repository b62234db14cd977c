// Keeps the newest message in view while the reader is at the end, and does not scroll otherwise.

const NEAR_END_PX = 48;

export class Follow {
  #root;
  #button;
  #isAtEnd = true;
  #unseen = 0;
  #coming = 0; // since the last picture, while at the end
  #isMoving = false;
  #height = 0; // of the part in view, when last looked at
  #top = 0; // where it was scrolled to when it was last seen at the end

  /**
   * @param {HTMLElement} root
   * @param {HTMLElement} button
   */
  constructor(root, button) {
    this.#root = root;
    this.#button = button;
    root.addEventListener('scroll', () => this.#look(), { passive: true });
    button.addEventListener('click', () => {
      this.toEnd();
      root.focus({ preventScroll: true });
    });
    // The window, the keyboard of a phone or the composer may take room away.
    new ResizeObserver(() => this.#isAtEnd && this.toEnd()).observe(root);
  }

  get isAtEnd() { return this.#isAtEnd; }

  toEnd() {
    this.#root.scrollTop = this.#root.scrollHeight;
    this.#top = this.#root.scrollTop;
    this.#look();
  }

  /**
   * Shows `item`, so many pixels below the top of the view. `unseen` messages are new, wherever they stand.
   * @param {HTMLElement} item
   * @param {number} top
   * @param {number} unseen
   */
  show(item, top, unseen) {
    const now = item.getBoundingClientRect().top - this.#root.getBoundingClientRect().top;
    this.#root.scrollTop += now - top;
    this.#look();
    if (!this.#isAtEnd) this.#count(unseen);
  }

  /** To be called after something has been added at the end. */
  grown({ counts = true } = {}) {
    if (!this.#isAtEnd && counts) this.#count(this.#unseen + 1);
    if (!this.#isAtEnd) return;
    if (counts) this.#coming += 1;
    this.#toEndSoon();
  }

  /** Measuring and scrolling once a frame is enough, however many come. */
  #toEndSoon() {
    if (this.#isMoving) return;
    this.#isMoving = true;
    requestAnimationFrame(() => {
      this.#isMoving = false;
      // Whoever has scrolled up meanwhile wants to be there.
      if (this.#root.scrollTop < this.#top - 1) this.#stay();
      else this.toEnd();
      this.#coming = 0;
    });
  }

  #stay() {
    this.#look();
    if (!this.#isAtEnd) this.#count(this.#coming);
  }

  /**
   * Runs `change`, which adds messages above, without moving what is in view.
   * @param {() => void} change
   */
  keepingPlace(change) {
    const fromEnd = this.#root.scrollHeight - this.#root.scrollTop;
    change();
    this.#root.scrollTop = this.#root.scrollHeight - fromEnd;
  }

  #look() {
    if (this.#isMoving) return; // on the way to the end, though not there yet
    const { scrollHeight, scrollTop, clientHeight } = this.#root;
    // It has become smaller, which nobody has scrolled: the observer, which is told later, goes to the end.
    const isSmaller = clientHeight < this.#height;
    this.#height = clientHeight;
    if (isSmaller && this.#isAtEnd) return;
    this.#isAtEnd = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
    if (!this.#isAtEnd) return;
    this.#top = scrollTop;
    this.#count(0);
  }

  /** @param {number} unseen */
  #count(unseen) {
    this.#unseen = unseen;
    this.#button.hidden = unseen === 0;
    this.#button.textContent = unseen === 1 ? '1 new message' : `${unseen} new messages`;
  }
}
