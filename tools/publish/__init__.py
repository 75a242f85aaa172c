"""The course as pages and decks that need neither a kernel nor a network.

`run` executes a notebook once, with `capture` and `film` inside its kernel; `lessons` reads what is stored; `exporter`
(nbconvert) turns both into HTML, with text and formulas from `markdown` and pictures from `pictures`; `deck` and `site`
write the files; `places`, `errata` and `coverage` say where each claim and topic of the source decks stands.
"""
