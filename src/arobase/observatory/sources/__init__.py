"""What comes from outside: files of graphs, facts and target lists."""
