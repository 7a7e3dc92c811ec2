// Marks of our own. The link is not the engine's: that one guesses links out of text, by a library that had a hole.

import { address } from "./source.js";

export function marks({ Mark }) {
  const Link = Mark.create({
    name: "link",
    inclusive: false,
    priority: 1000,
    addAttributes: () => ({ href: { default: "" }, hreflang: { default: null } }),
    parseHTML: () => [{ tag: "a[href]", getAttrs: (link) => (address(link.getAttribute("href")) ? null : false) }],
    renderHTML: ({ HTMLAttributes: { href, ...others } }) => ["a", { href: address(href) ?? "", ...others }, 0],
  });

  const small = (name) => Mark.create({
    name,
    excludes: "sub sup",
    parseHTML: () => [{ tag: name }],
    renderHTML: ({ HTMLAttributes }) => [name, HTMLAttributes, 0],
  });

  // Words of another language or direction inside a text.
  const Phrase = Mark.create({
    name: "phrase",
    addAttributes: () => ({ lang: { default: null }, dir: { default: null } }),
    parseHTML: () => [{
      tag: "span",
      getAttrs: (span) => ((span.lang || span.getAttribute("dir")) && !span.matches(".caption, .credit") ? null : false),
    }],
    renderHTML: ({ HTMLAttributes }) => ["span", HTMLAttributes, 0],
  });

  return [Link, small("sub"), small("sup"), Phrase];
}
