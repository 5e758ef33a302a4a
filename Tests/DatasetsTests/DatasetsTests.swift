// The first test of Datasets replaces this one.
