"""Pure geometry of the figure: skeleton, pose solver, motion timeline, draw list. See docs/figure.md.

Nothing here does I/O or imports third parties. The way through: `clip.parse_clip` reads an exercise's motion,
`film.Film` turns a clip into drawings (`drawing.Drawing`), and `traycoach.ui.figure_painter` paints those.
"""
