// The first test of NeuralNetworks replaces this one.
