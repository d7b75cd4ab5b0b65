module servercert.example.test

go 1.24
