// The first file of Experiments replaces this one.
