// The first file of NeuralNetworks replaces this one.
