// Questions answer; and what a cell prints waits until you have made your prediction.
function answerQuestions(forms) {
  for (const form of forms) {
    const replies = JSON.parse(form.dataset.replies), reply = form.querySelector(".reply");
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("change", ({ target }) => { reply.innerHTML = replies[target.value]; });
  }
}

// The option chosen in the last prediction before an element, with that form; undefined where none is chosen.
function predictionBefore(element) {
  const before = [...document.querySelectorAll("form.predict")].filter(
    (form) => form.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING).at(-1);
  return before?.querySelector("input:checked")?.nextElementSibling.textContent;
}

function coverAnswers(outputs) {
  for (const output of outputs) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "uncover", textContent: "Show what this cell prints" });
    const uncover = () => {
      output.removeAttribute("hidden");
      button.remove();
      compare(output);
    };
    button.addEventListener("click", () => {
      uncover();
      Object.assign(output, { tabIndex: -1 }).focus({ preventScroll: true });
    });
    output.addEventListener("beforematch", uncover);       // found by the browser's own search
    output.setAttribute("hidden", "until-found");
    output.before(button);
  }
}

function compare(output) {
  const line = [...output.querySelectorAll("p[role=status] b")].find((bold) => /^Computed: /.test(bold.textContent));
  const predicted = line && predictionBefore(output);
  if (!predicted) return;
  const computed = line.textContent.replace(/^Computed: |\.$/g, "");
  line.textContent = computed === predicted ? `Computed: ${computed}, as you predicted.`
    : `Computed: ${computed}. You predicted ${predicted}: what did you assume?`;
}
