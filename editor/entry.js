// What static/js/editor finds on `window`, under the names that the bundle of the crate has.

import * as TipTap from "@tiptap/core";
import { StarterKit } from "@tiptap/starter-kit";

window.TipTap = TipTap;
window.TipTapStarterKit = { StarterKit };
