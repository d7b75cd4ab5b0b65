{
    printf '\357\273\277'
    awk '{ printf "%s\r\n", $0 }' config/payments.yaml
} >config/payments.yaml.windows
mv config/payments.yaml.windows config/payments.yaml
