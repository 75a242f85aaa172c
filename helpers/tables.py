"""Small tables of words and numbers, as text and as HTML."""
import html


def as_text(lines, sides):
    """Lines of cells, the first with the names of the columns, as aligned text.

    lines : equally long tuples of str.  sides : "left" or "right" for each column.

    >>> print(as_text([("organ", "Dice"), ("liver", "0.96"), ("aorta", "0.9")], ("left", "right")))
    organ  Dice
    liver  0.96
    aorta   0.9
    """
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    align = [str.ljust if side == "left" else str.rjust for side in sides]
    padded = ([place(cell, width) for place, cell, width in zip(align, line, widths, strict=True)] for line in lines)
    return "\n".join("  ".join(line).rstrip() for line in padded)


def as_html(lines, sides, css="", look=()):
    """The same as an HTML table.

    css : its class.  look : dict of side to more CSS for the cells of such columns, those with the names excepted.

    >>> as_html([("organ",), ("liver & spleen",)], ["left"], look={"left": ";color:red"}).partition("</thead>")[2]
    '<tbody><tr><td style="text-align:left;color:red">liver &amp; spleen</td></tr></tbody></table>'
    """
    def row(cells, kind, look=()):
        styles = [f"text-align:{side}{dict(look).get(side, '')}" for side in sides]
        return "<tr>" + "".join(f'<{kind} style="{style}">{html.escape(text)}</{kind[:2]}>'
                                for text, style in zip(cells, styles, strict=True)) + "</tr>"

    head, *body = lines
    opening = f'<table class="{css}">' if css else "<table>"
    columns, rows = row(head, 'th scope="col"'), "".join(row(line, "td", look) for line in body)
    return f"{opening}<thead>{columns}</thead><tbody>{rows}</tbody></table>"
