// Starts the deck, brings its explorers to life slide by slide, and opens the notes in a window of their own.
window.Reveal = Reveal;                                    // for whoever drives the deck from outside
answerQuestions(document.querySelectorAll("form.question"));
mountInSight(document.querySelectorAll("[data-part]"));

Reveal.initialize({
  width: 1280, height: 720, margin: 0, minScale: 0.1, maxScale: 4, center: false, hash: true, transition: "none",
  controls: false, progress: true, slideNumber: "c/t", help: true,
  keyboard: { 84: openNotes, 83: openNotes },              // T as in the live show, S as in other decks
});

let notes = null;
const began = Date.now();

function openNotes() {
  notes = notes && !notes.closed ? notes : open("", "notes", "width=700,height=500");
  notes.focus();
  showNotes();
}

function showNotes() {
  if (!notes || notes.closed) return;
  const slide = Reveal.getCurrentSlide(), minutes = Math.floor((Date.now() - began) / 60000);
  const own = [...slide.querySelectorAll("aside.notes")].map((note) => note.innerHTML).join("<hr>");
  notes.document.title = "Notes";
  notes.document.body.style.cssText = "font: 20px/1.5 system-ui, sans-serif; margin: 24px";
  notes.document.body.innerHTML = `<p>${minutes} minutes since the deck was opened</p>${own || "<p>No notes on this slide.</p>"}`;
}

Reveal.on("slidechanged", showNotes);
setInterval(showNotes, 30000);
