"""Charts drawn on the server: each module turns numbers into the geometry that its template writes as SVG.

A chart is data: title and description for a screen reader, marks placed in whole units of the drawing, and the same
numbers as a table. Colours are classes (`level-1` … `level-5`, `level-0` where unstated), dressed by CSS.
"""
