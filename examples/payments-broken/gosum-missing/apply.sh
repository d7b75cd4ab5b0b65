rm go.sum
