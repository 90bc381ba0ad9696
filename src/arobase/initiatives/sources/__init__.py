"""Where the referential comes from: the file of the package, a spreadsheet that someone revised."""
