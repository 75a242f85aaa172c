// A picture whose bytes, caption, alternative text and size come from Python.
function render({ model, el }) {
  const caption = document.createElement("p");
  caption.setAttribute("role", "status");  // read out when it changes
  caption.style.cssText = "font-weight: 600; font-size: 16px; line-height: 1.4; margin: 4px 0; min-height: 1.4em";
  const img = document.createElement("img");
  img.className = "live-figure";
  img.style.cssText = "max-width: 100%; height: auto; display: block";
  let url;
  const follow = {
    caption: () => { caption.textContent = model.get("caption"); caption.hidden = !model.get("caption"); },
    size: () => { [img.width, img.height] = model.get("size"); },
    alt: () => { img.alt = model.get("alt"); },
    png: () => {
      const old = url;
      url = URL.createObjectURL(new Blob([model.get("png")], { type: "image/png" }));
      img.onload = () => { if (old) URL.revokeObjectURL(old); };
      img.src = url;
    },
  };
  for (const [trait, update] of Object.entries(follow)) { update(); model.on(`change:${trait}`, update); }
  el.append(caption, img);
  return () => {
    for (const [trait, update] of Object.entries(follow)) model.off(`change:${trait}`, update);
    URL.revokeObjectURL(url);
  };
}
export default { render };
