// In place of django-unfold's own: the admin has no rows to be put in order by hand.
