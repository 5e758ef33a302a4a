// The first test of atelier replaces this one.
