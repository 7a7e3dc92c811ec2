// Where the pieces of a text come to stand while it is made anew. A Flow is filled with blocks, and wraps what stands
// loose in paragraphs; a Line is for cells and captions: all that stood in blocks becomes lines with breaks between.

// From the outside in.
const ORDER = ["a", "span", "strong", "em", "s", "sub", "sup", "code"];

export class Flow {
  constructor(parent, { item = false } = {}) {
    this.parent = parent;
    this.doc = parent.ownerDocument;
    this.item = item;
    this.block = null;
    this.breaks = 0;
  }

  open(name, attributes = {}) {
    this.close();
    // The first line of a list's item is a paragraph.
    const heading = this.item && name !== "p" && !this.parent.firstChild;
    this.block = this.made(heading ? "p" : name, attributes);
    this.parent.append(this.block);
  }

  close() {
    const block = this.block;
    this.block = null;
    this.breaks = 0;
    if (!block) return;
    while (block.lastChild?.localName === "br") block.lastChild.remove();
    if (!block.textContent.replace(/[\s\u00a0\u200b\ufeff]/g, "")) block.remove();
  }

  // A block that is no text, after the one that is being written.
  put(name, attributes = {}) {
    this.close();
    return this.parent.appendChild(this.made(name, attributes));
  }

  last() {
    return this.parent.lastElementChild;
  }

  text(data, marks) {
    const text = data.replace(/[\t\n\r\f ]+/g, " ").replace(/[\u0000-\u001f\ufffe\uffff]/g, "");
    if (!text || (!this.block && !text.trim())) return;
    if (!this.block) this.open("p");
    this.flush();
    this.block.append(this.wrapped(text, marks));
  }

  br(parts) {
    if (!this.block) return;
    this.breaks += 1;
    // Two breaks are what some programs write for a new paragraph.
    if (parts && this.breaks > 1 && this.block.localName === "p") this.close();
  }

  flush() {
    for (; this.breaks > 0; this.breaks -= 1) this.block.append(this.doc.createElement("br"));
  }

  wrapped(text, marks) {
    let node = this.doc.createTextNode(text);
    for (const name of [...ORDER].reverse()) {
      if (!marks[name] || (name === "strong" && marks.plain)) continue;
      const mark = this.made(name, marks[name]);
      mark.append(node);
      node = mark;
    }
    return node;
  }

  made(name, attributes) {
    const made = this.doc.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  }
}

export class Line extends Flow {
  constructor(parent) {
    super(parent);
    this.block = parent;
    this.pending = false;
  }

  open() {
    this.pending = this.parent.firstChild !== null;
  }

  close() {
    this.open();
    while (this.parent.lastChild?.localName === "br") this.parent.lastChild.remove();
  }

  put() {
    this.open();
    return null;
  }

  last() {
    return null;
  }

  text(data, marks) {
    if (this.pending && !data.trim()) return;
    if (this.pending) this.breaks = Math.max(this.breaks, 1);
    this.pending = false;
    if (!this.parent.firstChild && !data.trim()) return;
    super.text(data, marks);
  }

  br() {
    this.breaks = Math.min(this.breaks + 1, 2);
  }
}
