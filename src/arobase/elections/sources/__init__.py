"""What comes from outside: results by station, cases, former elections."""
