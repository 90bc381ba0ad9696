"""Pages of initiatives: the library, a sheet, the agent’s desk, moderation, bulk import."""
