module oracle.example.test

go 1.26
