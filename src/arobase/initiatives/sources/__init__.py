"""What comes from outside: pictures, files of initiatives, referentials as spreadsheets."""
