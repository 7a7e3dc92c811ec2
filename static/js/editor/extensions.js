// All that the editor knows, put together from the engine's parts and ours.

import { marks } from "./marks.js";
import { nodes } from "./nodes.js";
import { keys } from "./keys.js";
import { tables } from "./table.js";

export function extensions(on) {
  const { TipTap, TipTapStarterKit } = window;
  return [
    // The engine's links and underlines stay out: of the older one they are no part, of the newer one they are.
    TipTapStarterKit.StarterKit.configure({
      heading: { levels: [2, 3, 4] },
      link: false,
      underline: false,
      trailingNode: false,
      dropcursor: { color: "currentColor", width: 2, class: "editor-drop" },
    }),
    ...marks(TipTap),
    ...nodes(TipTap, on),
    ...tables(TipTap),
    keys(TipTap, on),
  ];
}
