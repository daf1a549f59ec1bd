/* The rail takes in new stories while the page is open. What a reader has under pointer, focus or
   eye is never moved: then a button waits instead. Stories that stay keep their elements. */
const PART_PAUSE_MS = 150;
const ANNOUNCE_EVERY_MS = 60000;
const isExported = "exported" in document.documentElement.dataset; /* files: nobody tells news */
const rail = document.querySelector("[data-rail]");

const follow = () => {
  const scroller = rail.querySelector("[data-rail-scroll]");
  const more = rail.querySelector("[data-rail-more]");
  const status = rail.querySelector("[data-rail-status]");
  const beside = matchMedia("(min-width: 68rem)");
  let source = null;
  let waiting = null;
  let timer = 0;
  let announced = 0;
  let onScreen = false;

  const list = () => rail.querySelector("[data-rail-list]");
  const story = (item) => item.dataset.story;
  const printed = (item) => {
    const [link, section, time] = item.querySelectorAll("a, .rail__section, time");
    return [link.href, link.textContent, section.textContent, time.dateTime].join();
  };
  const isRead = () => rail.matches(":hover, :focus-within") || (onScreen && !beside.matches);

  const announce = (items) => {
    if (!items.length || Date.now() - announced < ANNOUNCE_EVERY_MS) return;
    announced = Date.now();
    status.textContent = `${status.dataset.text} ${items[0].querySelector("a").textContent}`;
  };
  const markCurrent = () => {
    for (const link of rail.querySelectorAll(".rail__headline")) {
      if (link.pathname === location.pathname) link.setAttribute("aria-current", "page");
    }
  };
  const takeIn = (fresh) => {
    const old = new Map([...list().children].map((item) => [story(item), item]));
    const kept = [...fresh.children].map((item) => {
      const known = old.get(story(item));
      return known && printed(known) === printed(item) ? known : item;
    });
    const arrived = kept.filter((item) => !old.has(story(item)));
    const anchor = kept.find((item) => item.isConnected);
    const top = anchor?.getBoundingClientRect().top;
    for (const item of old.values()) item.removeAttribute("data-new");
    for (const item of arrived) item.dataset.new = "";
    list().replaceChildren(...kept);
    if (anchor && scroller.scrollTop > 0) scroller.scrollTop += anchor.getBoundingClientRect().top - top;
    waiting = null;
    more.hidden = true;
    markCurrent();
    document.dispatchEvent(new Event("stoppress:arrived"));
    announce(arrived);
  };
  const offer = (fresh) => {
    const known = new Set([...list().children].map(story));
    const brings = [...fresh.children].some((item) => !known.has(story(item)));
    if (!isRead()) return takeIn(fresh);
    waiting = fresh;
    if (brings) more.hidden = false;
  };
  const fetchPart = async () => {
    try {
      const answer = await fetch(rail.dataset.part);
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("[data-rail-list]");
      if (fresh && list()) offer(document.adoptNode(fresh));
    } catch {
      /* No network: the next change, or coming back to the page, tries again. */
    }
  };
  const refresh = () => {
    clearTimeout(timer);
    timer = setTimeout(fetchPart, Math.random() * PART_PAUSE_MS);
  };
  const listen = () => {
    if (source || isExported || document.hidden || document.prerendering) return;
    source = new EventSource("/-/live");
    source.addEventListener("change", (event) => {
      if (JSON.parse(event.data).tags.includes("list:latest")) refresh();
    });
    source.addEventListener("reset", refresh);
  };
  const rest = () => {
    source?.close();
    source = null;
  };
  const wake = () => {
    if (document.hidden || isExported) return rest();
    const slept = !source;
    listen();
    if (slept) refresh();
  };
  const letIn = () => waiting && !isRead() && takeIn(waiting);

  new IntersectionObserver(([entry]) => { onScreen = entry.isIntersecting; letIn(); }).observe(rail);
  more.addEventListener("click", () => { if (waiting) takeIn(waiting); scroller.scrollTop = 0; list().querySelector("a")?.focus(); });
  rail.addEventListener("pointerleave", letIn);
  rail.addEventListener("focusout", () => setTimeout(letIn));
  document.addEventListener("visibilitychange", wake);
  document.addEventListener("prerenderingchange", wake);
  addEventListener("pagehide", rest);
  addEventListener("pageshow", (event) => event.persisted && wake());
  markCurrent();
  listen();
};

if (rail) follow();
