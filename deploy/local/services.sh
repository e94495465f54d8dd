# shellcheck shell=bash disable=SC2034
# Made from services.json by 'make services'.
services=(people calls quality training scheduling reporting attendance)
declare -A port_above_gateway=([people]=1 [calls]=2 [quality]=3 [training]=4 [scheduling]=5 [reporting]=6 [attendance]=7)
declare -A connections_of=([people]=10 [calls]=20 [quality]=14 [training]=10 [scheduling]=14 [reporting]=20 [attendance]=10)
declare -A folders_of=([calls]='Recordings Imports')
declare -A sends_mail=([reporting]=yes)
