// Runs inside the page, before the page's own scripts: what the tests need to read from it.
window.courseDriver = (() => {
  const hidden = (element) => {
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    return !box.width || !box.height || style.visibility === "hidden" || style.opacity === "0";
  };

  const frames = async (count) => {
    for (let i = 0; i < count; i++) await new Promise(requestAnimationFrame);
  };

  // A short fingerprint of what a picture shows: a new address with the same picture is no change.
  const fingerprint = async (picture) => {
    let bytes;
    if (picture.tagName === "CANVAS") {
      if (!picture.width || !picture.height) return "";
      bytes = picture.getContext("2d").getImageData(0, 0, picture.width, picture.height).data;
    } else if (picture.tagName === "IMG") {
      bytes = await (await fetch(picture.src)).arrayBuffer();
    } else {
      bytes = new TextEncoder().encode(picture.outerHTML);
    }
    let hash = 2166136261;                                 // FNV-1a; crypto.subtle is not on every page
    for (const byte of new Uint8Array(bytes.buffer ?? bytes)) hash = Math.imul(hash ^ byte, 16777619);
    return hash >>> 0;
  };

  // Everything an explorer says: its text and the names of its pictures. A slider's own number does not count.
  const words = (explorer) => {
    const said = [...explorer.querySelectorAll("img, canvas")].map((picture) => picture.alt ?? picture.ariaLabel);
    const walker = document.createTreeWalker(explorer, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      if (!walker.currentNode.parentElement.closest(".widget-readout, select, style")) said.push(walker.currentNode.data);
    }
    return said.join("|");
  };

  const state = async (explorer) => ({
    pictures: (await Promise.all([...explorer.querySelectorAll("img, canvas, svg")].map(fingerprint))).join("|"),
    words: words(explorer),
  });

  // Where the cells of a slide lie against the window, in pixels; and boxes that cut or scroll their content.
  const measure = async (slide) => {
    for (const fragment of slide.querySelectorAll(".fragment")) {
      fragment.style.transition = "none";                  // at its start a fragment counts as hidden, and would not be measured
      fragment.classList.add("visible");
    }
    await Promise.all([...slide.querySelectorAll("img")].map((image) => image.decode()));
    if (!slide.matches(".present")) throw new Error(`slide ${slide.id} is not the one that is shown`);
    const over = { left: 0, top: 0, right: 0, bottom: 0 };
    const cut = [];
    for (const element of slide.querySelectorAll("*")) {
      if (hidden(element) || element.closest("aside.notes, .reveal-skip, .jp-InputPrompt, .jp-OutputPrompt")) continue;
      const box = element.getBoundingClientRect();
      over.left = Math.max(over.left, -box.left);
      over.top = Math.max(over.top, -box.top);
      over.right = Math.max(over.right, box.right - innerWidth);
      over.bottom = Math.max(over.bottom, box.bottom - innerHeight);
      const style = getComputedStyle(element);
      const wider = element.scrollWidth - element.clientWidth;
      const taller = element.scrollHeight - element.clientHeight;
      const clips = /auto|scroll|hidden|clip/.test(style.overflowX + style.overflowY) && element.clientHeight > 12;
      if (clips && (wider > 2 || taller > 2) && !element.closest(".cm-editor, mjx-container, .widget-readout")) {
        cut.push(`${String(element.className).split(" ")[0] || element.tagName} by ${Math.max(wider, 0)} × ${Math.max(taller, 0)} px`);
      }
    }
    const sides = Object.entries(over).filter(([, by]) => by >= 1).map(([side, by]) => `${side} by ${Math.round(by)} px`);
    const title = slide.querySelector("h1, h2, h3, h4")?.innerText ?? slide.innerText.slice(0, 60);
    return { title: title.replace("¶", "").trim(), sides, cut: cut.slice(0, 3) };
  };

  // Turn to a slide; true once it is there. To be called until it is: RISE selects a cell of the old slide half a second
  // late, which puts the old address back.
  const goTo = (id) => {
    const slide = document.getElementById(id);
    if (slide.matches(".present") && slide.parentElement.matches(".present")) return true;
    location.hash = `#/${id}`;
    return false;
  };

  return { frames, state, measure, goTo };
})();
