ln -s .. deploy/again
ln -s second.yaml config/first.yaml
ln -s first.yaml config/second.yaml
