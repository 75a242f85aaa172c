// A page of the site: what it needs beside its explorers and questions.
course.root = document.body.dataset.root;

// What scrolls sideways can be reached and scrolled with the keyboard, and nothing else becomes a stop on the way.
function reachScrollers() {
  for (const box of document.querySelectorAll("pre, .wide")) {
    if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
}

// A link may lead to what is folded away or waits to be shown.
function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const fold = target?.closest("details");
  if (fold && !fold.open) {
    fold.open = true;
    target.scrollIntoView();
  }
}

// On a phone a wide picture is too small to read: a touch opens it by itself, to be enlarged.
function openPictures(event) {
  const picture = event.target.closest(".shown img, .film img");
  if (picture && !picture.src.startsWith("data:") && picture.naturalWidth > 1.25 * picture.clientWidth) location = picture.src;
}

// A long list of exercises would push a lab off a phone's screen.
if (matchMedia("(max-width: 600px)").matches) document.querySelectorAll(".contents li:nth-child(9)").forEach((item) => {
  item.closest("details").open = false;
});

answerQuestions(document.querySelectorAll("form.question"));
coverAnswers(document.querySelectorAll(".output.answer"));
mountInSight(document.querySelectorAll("[data-part]"));
openTarget();
reachScrollers();
addEventListener("click", openPictures);
addEventListener("hashchange", openTarget);
addEventListener("resize", reachScrollers);
