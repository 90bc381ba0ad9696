"""What initiatives know: the referential of categories, enjeux and services, and what makes one sound."""
