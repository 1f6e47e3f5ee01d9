// In place of django-unfold's own: pages that have charts load build/charts.js, the others none.
