// Explorers in a page without a kernel: each is loaded and brought to life when it comes into sight.
const course = {
  root: "", kept: new Map(), waiting: new Map(),

  // A part's name to its content: from the page itself, else from a script of its own, which also works from a file.
  load(name) {
    const element = document.getElementById(`part-${name}`);
    if (element) return Promise.resolve(element.type === "application/json" ? JSON.parse(element.text) : element.text);
    if (!this.kept.has(name)) this.kept.set(name, new Promise((resolve, reject) => {
      this.waiting.set(name, resolve);
      const script = document.createElement("script");
      Object.assign(script, { src: `${this.root}parts/${name}.js`, onerror: () => reject(new Error(`no part ${name}`)) });
      document.head.append(script);
    }));
    return this.kept.get(name);
  },

  receive(name, content) { this.waiting.get(name)(content); },
};

async function mount(el) {
  const stored = [...el.childNodes], part = await course.load(el.dataset.part), home = document.createElement("div");
  if (part.kind === "module") {
    el.append(home);                                       // a module measures the room it has
    el.model = await mountModule(home, await course.load(`module-${part.module}`), part.state);
  } else {
    mountFilm(home, part, course.root);
    el.append(home);
  }
  stored.forEach((node) => node.remove());
  el.dataset.alive = "true";
}

function mountInSight(elements) {
  const sight = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      sight.unobserve(target);
      mount(target).catch((error) => console.error(`${target.dataset.part}: ${error}`));   // its stored picture stays
    }
  }, { rootMargin: "600px" });
  elements.forEach((element) => sight.observe(element));
}
