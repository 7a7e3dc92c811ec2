// The focal point of a picture, set by a click or by the arrow keys; the number fields hold it and send it. The crops
// follow at once: each is an SVG whose view is the part that `media::renditions::area` will cut.

const SHAPES = { "16x9": [16, 9], "4x3": [4, 3], "1x1": [1, 1] };
const STEP = 1;

for (const focal of document.querySelectorAll("[data-focal]")) {
  const [x, y] = ["focus_x", "focus_y"].map((name) => document.getElementById(name));
  const lines = focal.querySelectorAll("line");
  const size = [Number(focal.dataset.width), Number(focal.dataset.height)];

  const show = () => {
    const [left, top] = [x, y].map((field) => within(field.valueAsNumber, 100));
    for (const [name, value] of [["x1", left], ["x2", left]]) lines[0].setAttribute(name, value);
    for (const [name, value] of [["y1", top], ["y2", top]]) lines[1].setAttribute(name, value);
    for (const crop of document.querySelectorAll("[data-crop]")) {
      crop.setAttribute("viewBox", area(SHAPES[crop.dataset.crop], size, [left, top]).join(" "));
    }
  };
  const move = (left, top) => {
    x.value = Math.round(within(left, 100) * 10) / 10;
    y.value = Math.round(within(top, 100) * 10) / 10;
    show();
  };

  focal.tabIndex = 0;
  focal.setAttribute("role", "group");
  focal.setAttribute("aria-label", "Focal point: the arrow keys move it");
  focal.classList.add("live");
  for (const words of document.querySelectorAll(".with-script")) words.hidden = false;
  focal.addEventListener("click", (event) => {
    const box = focal.querySelector("img").getBoundingClientRect();
    move(((event.clientX - box.left) / box.width) * 100, ((event.clientY - box.top) / box.height) * 100);
  });
  focal.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] }[event.key];
    if (!by) return;
    event.preventDefault();
    move(x.valueAsNumber + by[0], y.valueAsNumber + by[1]);
  });
  for (const field of [x, y]) field.addEventListener("input", show);
}

function within(value, most) {
  return Math.min(most, Math.max(0, Number.isFinite(value) ? value : most / 2));
}

// The largest part of a shape, with the point as near to its middle as the edges let it.
function area([across, down], [width, height], [left, top]) {
  const wide = width * down > height * across;
  const [w, h] = wide ? [(height * across) / down, height] : [width, (width * down) / across];
  const start = (side, part, at) => Math.min(Math.max((side * at) / 100 - part / 2, 0), side - part);
  return [start(width, w, left), start(height, h, top), w, h];
}
