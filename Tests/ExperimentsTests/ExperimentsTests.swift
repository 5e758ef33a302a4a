// The first test of Experiments replaces this one.
