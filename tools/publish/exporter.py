"""nbconvert with the course's templates: a notebook and the parts of its explorers to one HTML file."""
import copy
import html
import json
from pathlib import Path

from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters import Highlight2HTML

from publish.markdown import to_html, wide_tables
from publish.pictures import relocate
from publish.run import PART

FOLDER = Path(__file__).parent
ASSETS = FOLDER / "assets"
MODULES = FOLDER.parents[1] / "helpers" / "explore"
ORDER = (PART, "text/html", "text/plain")              # of what a cell shows, the first that it has
PREDICT = "Noted. Now show what the next cell prints."


class CourseExporter(TemplateExporter):
    """template_file : one of templates/course.  pictures : an Inline or a Folder.  prefix : from page to site.

    link : function of an address in the text that returns where it leads.  After an export `parts` holds what the page
    needs to load, name to dict.
    """

    file_extension = ".html"
    output_mimetype = "text/html"

    def __init__(self, template_file, pictures, prefix="", link=lambda url: url):
        super().__init__(template_name="course", template_file=template_file,
                         extra_template_basedirs=[str(FOLDER / "templates")])
        self.pictures, self.prefix, self.parts = pictures, prefix, {}
        filters = {"markdown": lambda text: to_html(text, link), "highlight": Highlight2HTML("python"),
                   "shown": self.shown, "part": self.part, "filter_data_type": first_kind}
        for name, function in filters.items():
            self.register_filter(name, function)

    def export(self, notebook, parts, **context):
        """The HTML of a notebook as it is stored, its explorers and questions taken from a run."""
        notebook, self.parts = copy.deepcopy(notebook), {}
        attach(notebook, parts)
        return self.from_notebook_node(notebook, {"course": context})[0]

    def render(self, template, **context):
        """A page that is no notebook."""
        return self.environment.get_template(template).render(course=context)

    def shown(self, text):
        """HTML that a cell shows, its pictures moved."""
        return wide_tables(relocate(text, self.pictures, self.prefix))

    def part(self, output, cell_id):
        """An explorer as a box that the page fills, with its stored picture until then; a question as a form."""
        part = output.data[PART]
        if part["kind"] == "questions":
            forms = [form(question, f"{cell_id}-{number}") for number, question in enumerate(part["questions"])]
            return "\n".join(forms)
        self.parts[cell_id] = self.with_pictures(part)
        if part["kind"] == "module":
            source = (MODULES / f"{part['module']}.js").read_text(encoding="utf-8")
            self.parts[f"module-{part['module']}"] = source
        return (f'<div class="explorer {part["kind"]}" data-part="{cell_id}">'
                f"{self.shown(output.data.get('text/html', ''))}</div>")

    def with_pictures(self, part):
        """A film with its frames moved to where the pictures go; anything else as it is."""
        if part["kind"] != "film":
            return part
        return {**part, "frames": [{**frame, "src": self.pictures.place(frame["src"])} for frame in part["frames"]]}


def attach(notebook, parts):
    """Put the parts of a run to the stored outputs that they belong to."""
    for cell in notebook.cells:
        for number, part in parts.get(cell.id, ()):
            if number < len(cell.outputs) and "data" in cell.outputs[number]:
                cell.outputs[number].data[PART] = part


def first_kind(data):
    """The kind of an output to show, as a list of one, as nbconvert's templates want it."""
    return [kind for kind in ORDER if kind in data][:1]


def form(question, name):
    """A question as a form that works without any program up to the reply."""
    predict = question["title"] == "Predict"
    replies = [PREDICT] * len(question["options"]) if predict else question["replies"]
    choices = "".join(f'<label><input type="radio" name="{name}" value="{number}"> <span>{html.escape(option)}</span>'
                      "</label>" for number, option in enumerate(question["options"]))
    return (f'<form class="question {question["title"].lower()}" data-replies="{html.escape(json.dumps(replies))}">'
            f"<fieldset><legend><b>{question['title']}.</b> {html.escape(question['text'])}</legend>"
            f'<div class="options">{choices}</div></fieldset><p class="reply" role="status"></p></form>')


def scripts(*names):
    """Own programs of assets/, one after the other."""
    return "\n".join((ASSETS / name).read_text(encoding="utf-8") for name in names)


def terms():
    """The licence of the course, and the card of its data with the terms of all pictures."""
    root = FOLDER.parents[1]
    return {"license": (root / "LICENSE").read_text(encoding="utf-8"),
            "card": (root / "data" / "README.md").read_text(encoding="utf-8")}


def in_script(value):
    """JSON, or text as it is, that cannot end the script element it stands in."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("</", "<\\/")
