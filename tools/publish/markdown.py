"""Markdown of notebooks as HTML: nbconvert's own, with formulas as MathML, which browsers draw without any program."""
import re

from latex2mathml.converter import convert
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

THIN = '<mspace width="0.167em"/>'
NAMES = "log|ln|exp|sin|cos|tan|det|dim"


def mathml(tex, display="inline"):
    """A formula as MathML. latex2mathml leaves out the thin space after the name of a function, and TeX does not.

    >>> mathml("-\\\\log p").count("mspace")
    1
    """
    text = convert(tex.strip(), display=display)
    return re.sub(rf"(<mi>(?:{NAMES})</mi>)(?!<mo stretchy=\"false\">&#x00028;|</mrow>)", rf"\1{THIN}", text)


class Renderer(IPythonRenderer):
    """link : function of an address that returns where it leads from this page, None for nowhere."""

    def __init__(self, link):
        super().__init__(escape=False, exclude_anchor_links=True)
        self.leads = link

    def inline_math(self, body):
        return mathml(body)

    def block_math(self, body):
        return f'<span class="formula">{mathml(body, "block")}</span>'

    def latex_environment(self, name, body):
        return self.block_math(rf"\begin{{{name}}}{body}\end{{{name}}}")

    def link(self, text, url, title=None):
        target = self.leads(url)
        return super().link(text, target, title) if target else text


def to_html(source, link=lambda url: url):
    """A cell's text as HTML."""
    return wide_tables(MarkdownWithMath(renderer=Renderer(link)).render(source))


def wide_tables(text):
    """Each table in a box of its own that scrolls, so that on a phone the page does not."""
    return re.sub("(<table.*?</table>)", r'<div class="wide">\1</div>', text, flags=re.DOTALL)
