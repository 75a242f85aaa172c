// A picture whose bytes, alternative text and size come from Python.
function render({ model, el }) {
  const img = document.createElement("img");
  img.className = "live-figure";
  img.style.maxWidth = "100%";
  img.style.height = "auto";
  let url;
  const size = () => { [img.width, img.height] = model.get("size"); };
  const alt = () => { img.alt = model.get("alt"); };
  const show = () => {
    const old = url;
    url = URL.createObjectURL(new Blob([model.get("png")], { type: "image/png" }));
    img.onload = () => { if (old) URL.revokeObjectURL(old); };
    img.src = url;
  };
  size(); alt(); show();
  model.on("change:size", size);
  model.on("change:alt", alt);
  model.on("change:png", show);
  el.append(img);
  return () => {
    model.off("change:size", size);
    model.off("change:alt", alt);
    model.off("change:png", show);
    URL.revokeObjectURL(url);
  };
}
export default { render };
