update discovery set llms = llms;
