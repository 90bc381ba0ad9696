"""The referential as a file: the one in the package, and the spreadsheet in which people revise it."""
