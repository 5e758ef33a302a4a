// The first file of Datasets replaces this one.
