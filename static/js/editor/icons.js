// The pictures on the buttons: lines on a field of 24, drawn for this toolbar; letters where a letter says it best.

const LETTERS = { paragraph: "¶", h2: "H2", h3: "H3", h4: "H4", bold: "B", italic: "I", strike: "S" };

const LINES = {
  sub: "M4 5l8 10M12 5L4 15M15 16.5c.3-1 1.1-1.6 2.1-1.6 1.200 0 2 .7 2 1.700 0 1.600-3 2.200-4.100 4.400h4.300",
  sup: "M4 9l8 10M12 9L4 19M15 4.500c.3-1 1.1-1.600 2.100-1.600 1.200 0 2 .7 2 1.700 0 1.600-3 2.200-4.100 4.400h4.300",
  code: "M8.500 7l-5 5 5 5M15.500 7l5 5-5 5",
  link: "M10 14a4 4 0 0 0 5.700 0l3.200-3.200a4 4 0 0 0-5.700-5.700L12 6.300M14 10a4 4 0 0 0-5.700 0l-3.200 3.200a4 4 0 0 0 5.700 5.700L12 17.700",
  bullets: "M9 6h11M9 12h11M9 18h11M4.500 6h.01M4.500 12h.01M4.500 18h.01",
  numbers: "M10 6h10M10 12h10M10 18h10M4 4.500l1.200-.7V8M3.800 12c.2-.8 2.400-1 2.400.3 0 .8-1.600 1.300-2.400 2.700h2.600M3.900 17h2.200l-1.200 1.300c2 .1 1.400 2.300-.1 2.100-.5 0-.9-.2-1.100-.5",
  quote: "M9.500 7C6.500 8 5 10 5 13v4h5v-5H7.500M18.500 7c-3 1-4.500 3-4.500 6v4h5v-5h-2.500",
  pre: "M4 5h16v14H4zM9 9.500L6.800 12 9 14.500M15 9.500l2.200 2.500L15 14.500M13 9l-2 6",
  rule: "M4 12h16M8 7h8M8 17h8",
  picture: "M4 5h16v14H4zM4 16l4.500-4.500 4 4 2.500-2.500 5 5M15.500 9.500h.01",
  embed: "M4 5h16v14H4zM10 9v6l5-3z",
  table: "M4 5h16v14H4zM4 10h16M4 14.500h16M9.500 5v14M14.700 5v14",
  ltr: "M11 18V5h6M14 18V5M11 11a3 3 0 0 1 0-6M5 21h13l-2.500-2M18 21l-2.500 2",
  rtl: "M11 18V5h6M14 18V5M11 11a3 3 0 0 1 0-6M19 21H6l2.500-2M6 21l2.500 2",
  undo: "M8 5L4 9l4 4M4 9h10a5 5 0 0 1 0 10h-4",
  redo: "M16 5l4 4-4 4M20 9H10a5 5 0 0 0 0 10h4",
  source: "M9 4c-3 0-2 3-2 5s-1 3-3 3c2 0 3 1 3 3s-1 5 2 5M15 4c3 0 2 3 2 5s1 3 3 3c-2 0-3 1-3 3s1 5-2 5",
  rowAbove: "M4 12h16v7H4zM12 12v7M12 3v6M9 6h6",
  rowBelow: "M4 5h16v7H4zM12 5v7M12 15v6M9 18h6",
  rowDelete: "M4 8.500h16v7H4zM9.500 10l5 4M14.500 10l-5 4",
  columnBefore: "M12 4h7v16h-7zM12 12h7M3 12h6M6 9v6",
  columnAfter: "M5 4h7v16H5zM5 12h7M15 12h6M18 9v6",
  columnDelete: "M8.500 4h7v16h-7zM10 9.500l4 5M14 9.500l-4 5",
  head: "M4 5h16v14H4zM4 10h16M4 7h16M4 8.500h16M12 10v9",
  tableDelete: "M4 5h16v14H4zM9 9l6 6M15 9l-6 6",
};

export function icon(name) {
  if (LETTERS[name]) {
    const letter = document.createElement("span");
    letter.className = `editor-letter ${name}`;
    letter.textContent = LETTERS[name];
    letter.ariaHidden = "true";
    return letter;
  }
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", LINES[name]);
  svg.append(path);
  return svg;
}
