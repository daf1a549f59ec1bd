/* The full-screen viewer: every picture of the page in turn, by arrows, buttons or swipe. Escape
   closes it, and focus goes back to where it was; without script a picture's link opens its file. */
const SWIPE_PX = 40;
const viewer = document.querySelector("[data-viewer]");
const links = [...document.querySelectorAll("[data-view-picture]")];

const equip = () => {
  const part = (name) => viewer.querySelector(`[data-viewer-${name}]`);
  const isRtl = () => getComputedStyle(viewer).direction === "rtl";
  const counter = part("count");
  let shown = 0;
  let startX = null;

  const image = (link) => {
    const small = link.querySelector("img");
    const made = new Image();
    Object.assign(made, { sizes: "100vw", srcset: small.srcset, src: link.href, alt: small.alt, draggable: false });
    made.setAttribute("width", small.getAttribute("width"));
    made.setAttribute("height", small.getAttribute("height"));
    return made;
  };
  const show = (number) => {
    shown = (number + links.length) % links.length;
    const link = links[shown];
    const { caption, credit } = link.dataset;
    part("frame").replaceChildren(image(link));
    part("caption").textContent = [caption, credit].filter(Boolean).join(" – ");
    counter.textContent = counter.dataset.text.replace("{number}", shown + 1).replace("{count}", links.length);
    image(links[(shown + 1) % links.length]);
  };
  const open = (number) => {
    show(number);
    viewer.showModal();
  };
  const step = (by) => show(shown + by);
  const keys = {
    ArrowRight: () => step(isRtl() ? -1 : 1),
    ArrowLeft: () => step(isRtl() ? 1 : -1),
    Home: () => show(0),
    End: () => show(links.length - 1),
  };

  links.forEach((link, number) => link.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    open(number);
  }));
  part("close").addEventListener("click", () => viewer.close());
  part("previous").addEventListener("click", () => step(-1));
  part("next").addEventListener("click", () => step(1));
  viewer.querySelector(".viewer__steps").hidden = links.length < 2;
  viewer.addEventListener("keydown", (event) => {
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
  viewer.addEventListener("pointerdown", (event) => { startX = event.isPrimary ? event.clientX : null; });
  viewer.addEventListener("pointerup", (event) => {
    const moved = startX === null ? 0 : event.clientX - startX;
    startX = null;
    if (Math.abs(moved) > SWIPE_PX) step((moved < 0) !== isRtl() ? 1 : -1);
  });
  const start = document.querySelector("[data-viewer-start]");
  if (start) {
    start.hidden = false;
    start.addEventListener("click", () => open(0));
  }
};

if (viewer && links.length) equip();
